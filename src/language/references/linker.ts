/** Resolves the references of a file, and tells the index of them, without walking through everything else in it. */
import {
  DefaultLinker,
  DefaultReferenceDescriptionProvider,
  interruptAndCheck,
  type AstNode,
  type LangiumDocument,
  type ReferenceDescription,
} from 'langium';
import { contentsOf, partsOf } from './contents.ts';
import { benchFileOf } from './imports.ts';

type CancellationToken = NonNullable<Parameters<DefaultLinker['link']>[1]>;

export class BenchLinker extends DefaultLinker {
  override async link(document: LangiumDocument<AstNode>, cancelToken?: CancellationToken): Promise<void> {
    for (const part of partsOf(benchFileOf(document))) {
      if (cancelToken !== undefined) await interruptAndCheck(cancelToken);
      for (const info of contentsOf(part).references) this.doLink(info, document);
    }
  }
}

export class BenchReferenceDescriptionProvider extends DefaultReferenceDescriptionProvider {
  override async createDescriptions(
    document: LangiumDocument<AstNode>,
    cancelToken?: CancellationToken,
  ): Promise<ReferenceDescription[]> {
    const descriptions: ReferenceDescription[] = [];
    for (const part of partsOf(benchFileOf(document))) {
      if (cancelToken !== undefined) await interruptAndCheck(cancelToken);
      for (const info of contentsOf(part).references) descriptions.push(...this.createInfoDescriptions(info));
    }
    return descriptions;
  }
}
