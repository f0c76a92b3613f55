/** The other editor that the tests drive. */
import { findProgram, type SystemPackage } from './system-packages.ts';

/** `BENCHWRIGHT_NEOVIM` names another Neovim. */
export function findNeovim(): string | undefined {
  return process.env.BENCHWRIGHT_NEOVIM || findProgram(['nvim']);
}

export const neovimPackage: SystemPackage = {
  name: 'neovim',
  isPresent: () => Promise.resolve(findNeovim() !== undefined),
};
