/** The path of the page of a target, from the first page. Two targets may have one file name: the second one's number follows. */
export function targetPaths(ids: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Map<string, number>();
  return new Map(
    ids.map((id) => {
      const name = id.replace(/[^A-Za-z0-9._-]/g, '_');
      const before = taken.get(name) ?? 0;
      taken.set(name, before + 1);
      return [id, `targets/${before === 0 ? name : `${name}~${before + 1}`}.html`];
    }),
  );
}
