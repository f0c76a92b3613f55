/** What a study takes, as it stands in the file: its runs, requests, time and cost, joined; empty where it has mistakes. */
import { describeStudy } from '../../contract/describe-study.ts';
import { joinedFigures, studyFigures } from '../../contract/figures.ts';
import type { StudyNode } from '../lowering/lower-run.ts';
import { lowerStudy } from '../lowering/lower-study.ts';
import type { Bindings } from '../values/bindings.ts';
import type { ParseValue } from '../values/parse-value.ts';

export function studyWords(study: StudyNode, parse: ParseValue, bindings: Bindings = new Map()): string {
  const plan = lowerStudy(study, { file: '', textSha256: '', params: [], bindings, parse });
  return plan === undefined ? '' : joinedFigures(studyFigures(describeStudy(plan)));
}
