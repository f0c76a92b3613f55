/** The language without an editor: what a terminal, a test or another tool asks of it. */
export {
  compileFile,
  compileText,
  sourceSha256,
  type Compilation,
  type CompiledPlan,
  type CompiledStudy,
  type CompileOptions,
  type Study,
} from './compile.ts';
export { type FileStatus, type LanguageFileSystem } from './file-system.ts';
export { formatScenario } from './format.ts';
export { nodeFileSystem } from './node-file-system.ts';
