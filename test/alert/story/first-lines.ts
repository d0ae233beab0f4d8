/** What came, by channel, for the expectations of the story. */

export type News = Readonly<Record<string, readonly string[]>>;

export function channels(news: News | undefined): readonly string[] {
  return Object.keys(news ?? {}).sort();
}

/** What came within these minutes, by channel: in which minute, and its first line. */
export function firstLines(all: readonly News[]): Readonly<Record<string, readonly string[]>> {
  const lines: Record<string, string[]> = {};
  for (const [minute, news] of all.entries())
    for (const [channel, messages] of Object.entries(news))
      lines[channel] = [...(lines[channel] ?? []), ...messages.map((one) => `${minute + 1}: ${titleOf(channel, one)}`)];
  return lines;
}

/** `posts DOWN mx1`, of mail the subject. */
function titleOf(channel: string, message: string): string {
  const [first = '', second = ''] = message.split('\n');
  const refused = /\n(=> .*)$/.exec(message)?.[1] ?? '';
  return [first, ...(['mail', 'pagerduty', 'jsm'].includes(channel) ? [] : [second.trim()]), refused].join(' ').trim();
}
