import { expect, test } from 'vitest';
import { keepUnreached, roundOrder } from '../../../lambda/probe/capacity/round-order.ts';
import { target } from '../../ports.ts';

const targets = Array.from({ length: 40 }, (_, n) => target(`mx${n}`, 25));
const ids = (ordered: readonly { readonly id: string }[]) => ordered.map(({ id }) => id);

test('every round has all targets, in another order', () => {
  const [one, other] = [roundOrder('eu-west-1', targets), roundOrder('eu-west-1', targets)];
  expect(ids(one).toSorted()).toEqual(ids(targets).toSorted());
  expect(ids(one)).not.toEqual(ids(other));
});

test('targets that were not reached come first until they are, at their vantage', () => {
  const late = ['mx3', 'mx33', 'mx39'];
  const without = (missing: readonly string[]) => new Set(ids(targets).filter((id) => !missing.includes(id)));
  keepUnreached('eu-west-1', targets, without(late));
  expect(ids(roundOrder('eu-west-1', targets)).slice(0, 3).toSorted()).toEqual(late);
  // A second opinion about other targets.
  keepUnreached('eu-west-1', targets.slice(0, 2), new Set(['mx0', 'mx1']));
  keepUnreached('us-east-1', targets, without([]));
  expect(ids(roundOrder('eu-west-1', targets)).slice(0, 3).toSorted()).toEqual(late);
  keepUnreached('eu-west-1', targets, without(['mx33']));
  expect(ids(roundOrder('eu-west-1', targets))[0]).toBe('mx33');
});
