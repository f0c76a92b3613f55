/** Declarations that make several runs, as plans. */
import type { AstNode } from 'langium';
import type { StudyKind, StudyPlan } from '../../contract/study-plan.ts';
import { isCompare, isEstimate, isProfile, isSearch, isSweep } from '../ast.ts';
import { lowerCompare } from './lower-compare.ts';
import { lowerEstimate } from './lower-estimate.ts';
import { lowerProfile } from './lower-profile.ts';
import type { StudyNode, StudyOrigin } from './lower-run.ts';
import { lowerSearch } from './lower-search.ts';
import { lowerSweep } from './lower-sweep.ts';

export const STUDY_KINDS: Readonly<Record<StudyNode['$type'], StudyKind>> = {
  Sweep: 'sweep',
  Search: 'search',
  Compare: 'compare',
  Profile: 'profile',
  Estimate: 'estimate',
};

export function isStudy(node: AstNode): node is StudyNode {
  return isSweep(node) || isSearch(node) || isCompare(node) || isProfile(node) || isEstimate(node);
}

/** `undefined`: something it needs is missing or wrong, and a check has said so. */
export function lowerStudy(study: StudyNode, origin: StudyOrigin): StudyPlan | undefined {
  switch (study.$type) {
    case 'Sweep':
      return lowerSweep(study, origin);
    case 'Search':
      return lowerSearch(study, origin);
    case 'Compare':
      return lowerCompare(study, origin);
    case 'Profile':
      return lowerProfile(study, origin);
    case 'Estimate':
      return lowerEstimate(study, origin);
  }
}
