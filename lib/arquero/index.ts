/** The class of data frames: arquero's table. */
export { type Frame, frameOfColumns, loadArquero } from './frameTable.ts';
