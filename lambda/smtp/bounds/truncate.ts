/** Cuts a text to `characters`, with an ellipsis at its end. */
export function truncate(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
