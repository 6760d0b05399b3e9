/** What needs the parser: loaded when a cell is first read, not with the kernel. */
export { isHarmless, magicsOf, readCell, typeScriptOf } from './cell-source.ts';
export { declarationsOf } from './declarations.ts';
export { readable, sureProblems } from './problems.ts';
export { typeError, typeWarning } from './type-error.ts';
