/** Which fix belongs to which diagnostic: one line each. What nobody can put right without knowing what was meant has none. */
import type { Lexer } from 'langium';
import type { DiagnosticCode } from '../../validation/diagnostics.ts';
import * as names from './name-fixes.ts';
import * as plans from './plan-fixes.ts';
import * as ranges from './range-fixes.ts';
import * as removals from './removal-fixes.ts';
import type { Fix, Problem } from './problem.ts';
import * as texts from './text-fixes.ts';
import * as values from './value-fixes.ts';

type FixesOf = (problem: Problem) => readonly Fix[] | Promise<readonly Fix[]>;

const FIXES: Partial<Record<DiagnosticCode, FixesOf>> = {
  BENCH1002: texts.closeText,
  BENCH1003: texts.closeComment,
  BENCH1007: texts.strangeCharacters,
  BENCH1008: texts.doubleBackslash,
  BENCH2001: names.importOrDeclare,
  BENCH2002: names.renameSecond,
  BENCH2003: names.nearestImport,
  BENCH2004: (problem) => names.removeImport(problem, false),
  BENCH2005: names.removeExtends,
  BENCH2006: (problem) => [...names.removeImport(problem, false), ...names.renameSecond(problem)],
  BENCH2007: names.removeDeclaration,
  BENCH2008: names.removeImport,
  BENCH2013: names.removeImport,
  BENCH2014: names.removeExtends,
  BENCH3002: (problem) => [...values.quoteWord(problem), ...values.changeUnit(problem)],
  BENCH3003: values.addUnit,
  BENCH3004: values.intoBounds,
  BENCH3006: values.knownFunction,
  BENCH3009: values.swapRange,
  BENCH3010: values.chooseWord,
  BENCH3011: names.declareParam,
  BENCH3014: removals.removeItem,
  BENCH3015: values.removeUnit,
  BENCH3016: names.declareParam,
  BENCH4004: removals.removeItem,
  BENCH4005: plans.addMissing,
  BENCH4006: (problem) =>
    problem.node?.$type === 'Report' ? removals.removeFormat(problem) : removals.removeItem(problem),
  BENCH4007: values.completeUrl,
  BENCH4008: removals.removeFormat,
  BENCH4009: values.addSourceText,
  BENCH4010: (problem) => [
    { title: `Remove ${problem.written}`, edits: [problem.text.remove(problem.start, problem.end)], isPreferred: true },
  ],
  BENCH4012: removals.removeItem,
  BENCH4013: values.onePlace,
  BENCH4014: removals.removeItem,
  BENCH4016: values.scaleShares,
  BENCH4018: removals.removeItem,
  BENCH4019: removals.removeItem,
  BENCH5001: plans.addLoad,
  BENCH5002: removals.removeItem,
  BENCH5003: plans.addEnd,
  BENCH5004: ranges.explainRange,
  BENCH5005: plans.dividingStep,
  BENCH5007: plans.addWarmup,
  BENCH5008: names.renameSecond,
  BENCH5010: plans.addStage,
  BENCH5012: plans.raiseInFlight,
  BENCH5016: plans.raiseInFlight,
  BENCH5019: removals.removeItem,
  BENCH6003: plans.addStatistic,
  BENCH6004: removals.removeWords,
  BENCH6005: removals.removeItem,
  BENCH6006: plans.watchMonitor,
  BENCH6008: plans.lowerPercentile,
  BENCH6010: plans.flipComparison,
  BENCH6012: plans.addGoodputLimits,
  BENCH6013: plans.addBaseline,
  BENCH6014: removals.removeWords,
  BENCH6015: plans.addLimit,
  BENCH6016: plans.addGpus,
  BENCH6017: removals.removeItem,
  BENCH6018: removals.removeItem,
  BENCH6019: removals.removeItem,
  BENCH7001: plans.addSlots,
  BENCH7004: plans.freshPrefixOn,
  BENCH7011: plans.freshPrefixOn,
  BENCH7007: plans.addVary,
  BENCH7009: plans.addSide,
  BENCH7010: plans.maxOrMin,
  BENCH7006: plans.smallerDesign,
  BENCH7014: plans.addLimitsToMeet,
  BENCH7015: plans.addLimitsToMeet,
  BENCH7016: removals.removeItem,
  BENCH7017: plans.ignoreEos,
  BENCH7018: plans.addPrice,
  BENCH8001: values.moveToSecret,
  BENCH8002: values.useHttps,
  BENCH9001: values.nearestFile,
  BENCH9004: values.chooseField,
};

/** The likeliest first. */
export async function fixesOf(problem: Problem, lexer: Lexer): Promise<readonly Fix[]> {
  const suggested = problem.code === 'BENCH1001' ? texts.syntaxFixes(problem, lexer) : texts.suggested(problem);
  const own = (await FIXES[problem.code]?.(problem)) ?? [];
  return [...suggested, ...own.map((each) => (suggested.length > 0 ? { ...each, isPreferred: false } : each))];
}
