/**
 * The most similar word, or null if none is similar. The maximum distance is one edit for short words and a third of the
 * length for longer ones. Letter case and separators are ignored.
 */
export function closestWord(word: string, words: readonly string[]): string | null {
  if (word.length > longestWord) return null;
  const plainWord = plain(word);
  const edits = words.map((one) => editDistance(plainWord, plain(one)));
  const fewest = Math.min(...edits);
  return fewest <= Math.max(1, plainWord.length / 3) ? (words[edits.indexOf(fewest)] ?? null) : null;
}

/** The end of a sentence about a word that is not known: `; did you mean reject?`, or nothing. */
export function suggestionText(word: string, words: readonly string[]): string {
  const meant = closestWord(word, words);
  return meant === null ? '' : `; did you mean ${meant}?`;
}

/** Longer words are not misspelled keys. The time of a comparison grows with the length. */
const longestWord = 200;

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '');
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const editsAt = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) row[j] = fewestEdits(a, b, i, j, editsAt);
  }
  return editsAt(a.length, b.length);
}

function fewestEdits(a: string, b: string, i: number, j: number, editsAt: (i: number, j: number) => number): number {
  const substitution = editsAt(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
  const edit = Math.min(editsAt(i - 1, j) + 1, editsAt(i, j - 1) + 1, substitution);
  const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return isSwapped ? Math.min(edit, editsAt(i - 2, j - 2) + 1) : edit;
}
