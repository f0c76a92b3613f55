/** Key of the one message that the launcher sends to the command line it started: the name of a signal it received. */
export const INTERRUPT_MESSAGE = 'benchwright.signal';
