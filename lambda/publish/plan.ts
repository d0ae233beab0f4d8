/** Which objects of the page a publication writes and removes. Pure. */

import type { FileDigests, Manifest } from './manifest.ts';

/** A file of the page as it is now. In a publication of the news alone, the digest of the whole is not calculated. */
export interface PlannedFile {
  readonly news: string;
  readonly whole: string | null;
}

export interface Plan {
  /** Objects in the order of their stages: what a page refers to is there before it. */
  readonly puts: readonly (readonly string[])[];
  readonly deletes: readonly string[];
  /** Whether what is removed has something that is hidden now: then it is removed before anything is written. */
  readonly hides: boolean;
  /** What is in the bucket afterwards. */
  readonly files: Manifest['files'];
}

/** Written by each publication, so that the first page and the metrics are never old. */
const ALWAYS: ReadonlySet<string> = new Set(['index.html', 'metrics', 'snapshot.json']);

/** The page that is not listed any more: its address was sent to people, and works for good. */
const PERMANENT = /^incidents\//;

/** Before the digest of the news of an incident that is open. */
const OPEN = 'open:';

export function newsOfOpenIncident(digest: string): string {
  return OPEN + digest;
}

/** By their stage, the first that matches. A publication that ends early leaves pages that read. */
const STAGES: readonly RegExp[] = [
  /^data\/|\.(?:css|js|svg|png|webp)$/,
  /^(?:api\/|badges?\b)|\.(?:json|atom|txt)$|^metrics$/,
  /^.+\/.+\.html$|^(?!index\.html$).+\.html$/,
  /^/,
];

/**
 * Pages of incidents that are no longer listed stay, unless the config lets the page show something else than before: it may hide
 * what is on them. That of an open incident does not: its target is no longer in the config, and nobody writes its end.
 */
export function planPublication(former: Manifest, site: ReadonlyMap<string, PlannedFile>, shows: string): Plan {
  const isSame = former.shows === shows;
  const puts = [...site].filter(([path, file]) => ALWAYS.has(path) || isChanged(former.files.get(path), file));
  const others = [...former.files].filter(([path]) => !site.has(path));
  const isKept = (path: string, news: string) => PERMANENT.test(path) && news !== '' && !news.startsWith(OPEN);
  const kept = others.filter(([path, { news }]) => isSame && isKept(path, news));
  const deletes = others.filter((other) => !kept.includes(other)).map(([path]) => path);
  const written = new Set(puts.map(([path]) => path));
  return {
    puts: inStages([...written]),
    deletes,
    hides: !isSame,
    files: new Map([
      ...kept,
      ...[...site].map(
        ([path, file]) => [path, digestsAfter(file, former.files.get(path), written.has(path))] as const,
      ),
    ]),
  };
}

function isChanged(former: FileDigests | undefined, { news, whole }: PlannedFile): boolean {
  return former === undefined || former.news !== news || (whole !== null && former.whole !== whole);
}

function digestsAfter(file: PlannedFile, former: FileDigests | undefined, isWritten: boolean): FileDigests {
  const whole = file.whole ?? (isWritten ? '' : (former?.whole ?? ''));
  return { news: file.news, whole };
}

function inStages(paths: readonly string[]): readonly (readonly string[])[] {
  const stageOf = (path: string) => STAGES.findIndex((stage) => stage.test(path));
  return STAGES.map((_, stage) => paths.filter((path) => stageOf(path) === stage)).filter(({ length }) => length > 0);
}
