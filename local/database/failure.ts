/** What goes wrong with the files of the database, in words. */

/** Another process has the files open. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';

  /** @param pid null where the other process does not say: it is starting or ending */
  constructor(folder: string, pid: number | null) {
    // Containers that share a folder have numbers of their own.
    const isTelling = pid !== null && pid !== process.pid;
    super(
      `${folder} is in use by ${!isTelling ? 'another process' : `process ${pid}`}: smtp-quorum runs there already. Stop it, or start in another folder.`,
    );
  }
}

/** The files cannot be used at all; the message names the folder and the cause. */
export class FolderUnusable extends Error {
  override readonly name = 'FolderUnusable';

  constructor(folder: string, cause: string, options?: ErrorOptions) {
    super(`the history in ${folder} cannot be used: ${cause}`, options);
  }
}

/** `locked`: another process has the files. `full`: nothing can be written now. `damaged`: LevelDB cannot read them. */
export type FileFailureKind = 'locked' | 'full' | 'damaged' | 'denied' | 'other';

export interface FileFailure {
  readonly kind: FileFailureKind;
  /** The cause, as a part of a sentence. */
  readonly words: string;
}

interface Pattern {
  readonly kind: FileFailureKind;
  readonly when: RegExp;
  readonly words: string;
}

/** By the code of the error and its message, which ends with what the operating system says. The first that fits. */
const patterns: readonly Pattern[] = [
  { kind: 'locked', when: /LEVEL_LOCKED/, words: 'another process has it open' },
  { kind: 'full', when: /ENOSPC|No space left/i, words: 'the disk is full' },
  { kind: 'full', when: /EDQUOT|quota exceeded/i, words: 'the disk quota is used up' },
  { kind: 'full', when: /EFBIG|File too large/i, words: 'a file may not grow: the limit of file sizes is reached' },
  { kind: 'denied', when: /EROFS|Read-only file system/i, words: 'the file system is read-only' },
  { kind: 'denied', when: /EACCES|EPERM|Permission denied|Operation not permitted/i, words: 'permission denied' },
  {
    kind: 'denied',
    when: /ENOTDIR|EEXIST|Not a directory|File exists/i,
    words: 'a file is where the folder should be',
  },
  { kind: 'denied', when: /EMFILE|Too many open files/i, words: 'too many files are open' },
  { kind: 'denied', when: /[/\\]LOCK: /, words: 'its LOCK file cannot be opened' },
  { kind: 'damaged', when: /LEVEL_CORRUPTION|LEVEL_DECODE|Corruption/i, words: 'its files are damaged' },
  {
    kind: 'damaged',
    when: /ENOENT|No such file|EISDIR|Is a directory|Invalid argument|not an sstable/i,
    words: 'files are missing or are not what they should be',
  },
];

export function fileFailureOf(error: unknown): FileFailure {
  const text = causesOf(error).map(textOf).join(' ');
  const known = patterns.find(({ when }) => when.test(text));
  const said = causesOf(error).at(-1);
  const detail = said instanceof Error ? said.message : String(said);
  return { kind: known?.kind ?? 'other', words: known === undefined ? detail : `${known.words} (${detail})` };
}

/** LevelDB's own error is the cause of the one that says that the database is not open. */
function causesOf(error: unknown): readonly unknown[] {
  return error instanceof Error && error.cause !== undefined ? [error, ...causesOf(error.cause)] : [error];
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}` : String(error);
}
