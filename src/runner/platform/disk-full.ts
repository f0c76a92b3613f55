/** A disk that takes no more, by the codes that the system has for it. */
export function isDiskFull(code: string | undefined): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** What keeps a file below `directory` from being written. */
export function describeDisk({ code, message }: NodeJS.ErrnoException, directory: string): string {
  if (!isDiskFull(code)) return message;
  return `${code === 'ENOSPC' ? 'the disk is full' : 'the disk quota is used up'} (${directory})`;
}
