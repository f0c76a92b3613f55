/** The syntax tree: the only door to what langium-cli generates. */
export * from './generated/ast.ts';
