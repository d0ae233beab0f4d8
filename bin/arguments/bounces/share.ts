import { UsageError } from '../usage-error.ts';

/**
 * `2%`, `0.5 %`: a share of 1.
 * @throws UsageError
 */
export function shareArgument(option: string, text: string): number {
  const [, number] = /^(\d{1,3}(?:\.\d{1,4})?)\s?%$/.exec(text) ?? [];
  const share = Number(number) / 100;
  if (number !== undefined && share > 0 && share <= 1) return share;
  throw new UsageError(`${option}: '${text}' is not a percentage above 0%; use 2%`);
}
