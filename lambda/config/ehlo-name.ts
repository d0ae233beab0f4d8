/** The EHLO name of one vantage: `probe-{vantage}.example.com` lets each region's name match the PTR of its address. */
export function ehloNameOf(template: string, vantage: string): string {
  return template.replaceAll('{vantage}', vantage);
}
