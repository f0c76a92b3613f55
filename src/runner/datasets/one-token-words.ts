/**
 * 1024 English words, each of which is exactly one token, with and without a space before it, in the vocabularies of GPT-2, GPT-3.5/4 (cl100k),
 * GPT-4o (o200k), Llama 2 and 3.1, Qwen 3, DeepSeek V3, Gemma 1 and 3, and SmolLM2 (checked against their published vocabularies, 2026-11).
 * A text of n of these words, separated by spaces, has n tokens there: an assumption for every other tokenizer, checked against the server's count.
 */
export const ONE_TOKEN_WORDS: readonly string[] = `
ability able above absolute access according acid acting actions activate active actively actor acts actually adapt
adding address affected after against aged agent agents aging agree alias alien allow allowed alone alpha also
although always amount analysis angle angles animal another answered apple approved apps archive area armed arms
array arrow articles artist asks assembly assets assuming atomic attach audio author auto average avoid away axis
back backs balance balanced balls band bank banks base based batch beam beans bear beat because before begin being
bell belt bench beta better bill bind binding birds birth blank blind blocks blue boards boat body bold bone bones
books boost border born bottom bound brain brand break breaking bright bringing brush buffer builder building burst
button byte cache call camp capacity caps carbon cards care cart case cash cast castle catch cause cells center
central chains chair changed changes chant chapter character charge charging chat check checks chemical child
children choice church city civil claimed class clean clear client clinical clock clone closed closure cloud club
coat code coin coins collect color comb come comfort command comment commerce commit common community complete
complex computer condition cone confirmed connected consider construct consumer container content continue contract
cookie cool core corn cost could counter country court covered craft created creation credit critical crow culture
current currently cuts cycle daily dark database date dates dating days debug deep default defined degree delete
dependent depth design details develop different digital direct directory disable disc disk distance division
document does doing domain door doors down download dream drive drop duration each early earth easy economic edge
edited editor education effect effects either elect element else embed empty ended ending energy engine entity entry
escape essential even event ever every except execute existing exit export external face faces factor facts faith
falls family farm fast feature features feeding feel fiction field figure file fill filled filter final find finding
finger finished first fish fixed flag flash flat flies flight floor flow flows focus fold folk follow foot forced
forcing foreign form format formed former forming forms forum forward four frame framework free fresh friend from
front fuel full function fund gain games gate gender general gets getting given glass goal going gone good grad
grade graduate gram graph grass gray great grey grid group groups growth guard guided hair hall hand handler happy
hard have haven head headed headers heading health healthy heat heavy held help hero hidden high higher hips hire
history hold holding hole home hook horse hospital hour house houses human hyper illusion image immune impact
important inch includes including index initial input insert install instance inter interest internal interpret
invest issue item items jobs join journal just keep kernel keys kids kind know knowledge label lake lands lane large
last late later laws layer lead leader leaf league learn learning leave left length less letters level library life
lift light lights likely limit limits line lined lines linked links listed lists little live load loaded loading
local lock locked long look loop lord lost love machine made main make maker managed manager maps margin mark marked
markets marks master match mate material maximum maybe mean meaning medical medium members memory mentioned menu
message meta meter method might mile million mine mini miss missing missions mist mode model modern modified modules
money months more mostly mother mouse mouth movie moving multiple music name named nation national natural nature
necessary need negative neutral never next nick nine node norm normal notes nothing number nutrition objects
occupied office official often older ones online onto open operation operator optional options orbit order ordering
ordinary organic origin original ours outer outs outside over overs owner owners pack package page pages pair panel
paragraph parent park parse partial parts pass password paste patch patient pause payment peak peer percent perfect
period perm personal phase phones photo phrase physical picture piece pine pipe placed places plan plane planet
plant platform play player players plays pleasant plot plus point points pole poll pool port portion position
positive post posts powers practice press pressure price primary print printed priority private problem process
product products profit profits progress projects proof property protected provided proxy published pull push python
quality quarter query quest queue quick quit quite rack radio rail rain raised raising range rank rate rated rather
rating read reading reads real really received record reflect region regular related relations relative remember
remote render repeat reply report request require requires research reset resource respect respond rest result
return review rice ride right rise risk road roads role roll rolling room root roots round rounded rows rule runner
running rust safe same sample save scale scene school scope score script scroll search seat second seconds secret
secure security seeing seek select selected self sell selling send sent sequence series server services session
setting settings seven shape shared sharp shell shield shine shop shore should show side sign simple since single
site skill skin sleep slice slow small social socket software sole some someone sometimes song sort sound space span
species speed spin spoken spot square stable staff stage stand standard star stars starting stat statement states
station stats stay stem steps stick still stock stones stop store stores story stream stress strings strip strong
stud study stuff styles subject success such super support surface switch table tags take taking target task
technical teen template term testing tests than thank their theme then these they thing things thinking third those
though thread three thus tight timer times title today tons tool topic total town trace trade train transfer
transform tree trigger trust tube turn types typically union unique units unity unless until updated upload upper
urban used user uses using usually valid values variable venue verb verse version very video views virtual visible
visual voice volume vote wait walk want ward wash washing water waters waves ways wealth wear week weekly weights
well were west what wheel where whether while wide width will wind windows wing wire wise within without wood woods
words work worker workers works world worth worthy wrap wrapper writer writers written wrong yards year yellow young
zero
`
  .trim()
  .split(/\s+/);
