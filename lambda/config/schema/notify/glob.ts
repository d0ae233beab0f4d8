/** Patterns of names: `*` stands for any characters, `?` for one. */

/** In linear space and without backtracking over more than the last `*`, so that no pattern is slow. */
export function matchesGlob(pattern: string, name: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (from < name.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      at += 1;
      mark = from;
    } else if (wanted !== undefined && (wanted === '?' || wanted === name[from])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      at = star + 1;
      mark += 1;
      from = mark;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

export function matchesAny(patterns: readonly string[], names: readonly string[]): boolean {
  return patterns.some((pattern) => names.some((name) => matchesGlob(pattern, name)));
}
