/** Stages of one name along `extends`: the nearest replaces the others, so they are one thing to whoever renames or looks for them. */
import type { LangiumDocument, LangiumDocuments } from 'langium';
import { isLoad, isStage, type Load, type LoadBlock, type Stage } from '../ast.ts';
import { benchFileOf } from '../references/imports.ts';
import { inheritanceOf } from '../references/extends.ts';

export interface StageFamily {
  /** The stage, those it replaces, and those that replace it. */
  readonly stages: readonly Stage[];
  /** Every stage of the loads concerned. */
  readonly neighbours: readonly Stage[];
}

export function stageFamily(stage: Stage, documents: LangiumDocuments): StageFamily {
  const owner = stage.$container.$container;
  if (!isLoad(owner)) return { stages: [stage], neighbours: stagesOf(stage.$container) };
  const chain = inheritanceOf(owner);
  const eldest = chain.find((load) => stagesOf(load.body).some(({ name }) => name === stage.name)) ?? owner;
  const loads = documents.all
    .toArray()
    .flatMap(loadsOf)
    .filter((load) => inheritanceOf(load).includes(eldest));
  const concerned = [...new Set([...chain, ...loads])].flatMap((load) => stagesOf(load.body));
  const stages = loads.flatMap((load) => stagesOf(load.body)).filter(({ name }) => name === stage.name);
  return { stages, neighbours: concerned };
}

function loadsOf(document: LangiumDocument): Load[] {
  return (benchFileOf(document).declarations ?? []).filter(isLoad);
}

function stagesOf(block: LoadBlock | undefined): Stage[] {
  return (block?.items ?? []).filter(isStage);
}
