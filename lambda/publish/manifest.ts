/**
 * What is in the bucket of the page: a digest of each file, when it was read from the history, and who writes at present. It lies
 * beside the page, where no reader gets it.
 */

/** Digests of a file of the page. */
export interface FileDigests {
  /** Without what changes with each round. */
  readonly news: string;
  /** Of all but the time of the page; of a shard, whether it is there. Empty: not known, so that a later publication writes it. */
  readonly whole: string;
}

/** One publication writes at a time. */
export interface WriteClaim {
  readonly by: string;
  /** Epoch milliseconds by which it has ended, whatever happens. */
  readonly until: number;
  /** What it writes and removes. If it ended early, nobody knows which of them it had written. */
  readonly paths: readonly string[];
}

export interface Manifest {
  /** Epoch milliseconds: from when on the last publication read the history. */
  readonly readAt: number;
  /** The same of the last one that wrote all that had changed. */
  readonly wholeAt: number;
  /** Digest of what the config lets the page show. */
  readonly shows: string;
  readonly files: ReadonlyMap<string, FileDigests>;
  readonly claim: WriteClaim | null;
}

export const EMPTY_MANIFEST: Manifest = { readAt: 0, wholeAt: 0, shows: '', files: new Map(), claim: null };

/** Of another format, nothing is known of what lies in the bucket: everything is written. */
const FORMAT = 1;

export function manifestText({ files, ...rest }: Manifest): string {
  const digests = Object.fromEntries([...files].map(([path, { news, whole }]) => [path, `${news} ${whole}`]));
  return JSON.stringify({ format: FORMAT, ...rest, files: digests });
}

/** What cannot be read is as if nothing was published. */
export function readManifest(text: string): Manifest {
  try {
    const { format, files, ...rest } = JSON.parse(text) as { format: unknown; files: Record<string, string> } & Omit<
      Manifest,
      'files'
    >;
    if (format !== FORMAT || !isClaim(rest.claim ?? null)) return EMPTY_MANIFEST;
    return { ...EMPTY_MANIFEST, ...rest, files: new Map(Object.entries(files).map(digestsOf)) };
  } catch {
    return EMPTY_MANIFEST;
  }
}

/** One that is none would hold up all publications. */
function isClaim(claim: WriteClaim | null): boolean {
  return claim === null || (typeof claim.by === 'string' && Number.isFinite(claim.until) && Array.isArray(claim.paths));
}

function digestsOf([path, text]: readonly [string, string]): readonly [string, FileDigests] {
  const [news = '', whole = ''] = text.split(' ');
  return [path, { news, whole }];
}

/** What a publication that ended early wrote is not known: its paths are written anew, or removed. */
export function withoutClaim({ claim, files, ...rest }: Manifest): Manifest {
  return { ...rest, claim: null, files: new Map([...files, ...unknownFiles(claim?.paths ?? [])]) };
}

/** Files that are in the bucket, of which nobody knows what they have: they are written anew, or removed. */
export function unknownFiles(paths: Iterable<string>): Manifest['files'] {
  return new Map([...paths].map((path) => [path, { news: '', whole: '' }] as const));
}
