import type { PlannedScope } from '../../../lambda/calendar/planned-time.ts';

/** `mx1`, `mx*, example.com`, `tag edge`, `everything`. */
export function scopeText({ targets = [], tags = [] }: PlannedScope): string {
  const parts = [...targets, ...tags.map((tag) => `tag ${tag}`)];
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
