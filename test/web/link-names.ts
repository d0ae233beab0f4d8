/** Links of a page that have the name of another, and lead elsewhere. */
export function linksOfOneName(page: string): readonly string[] {
  const targets = new Map<string, Set<string>>();
  for (const [, href = '', content = ''] of page.matchAll(/<a [^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs)) {
    const name = content.replace(/<[^>]*>/g, '');
    targets.set(name, (targets.get(name) ?? new Set()).add(href));
  }
  return [...targets].flatMap(([name, hrefs]) => (hrefs.size > 1 ? [name] : []));
}
