import { expect, test } from 'vitest';
import { changedPolicy, type PolicyOptions } from '../../../bin/arguments/policy.ts';
import { UsageError } from '../../../bin/arguments/usage-error.ts';
import { type Policy, policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';

const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const policy: Policy = { ...policyDefaults(3), vantages, every: 60_000 };

test.each<[PolicyOptions, string]>([
  [{ quorum: 'most' }, "--quorum: 'most' is not a quorum; use majority, 2 or '{ down: 2, of: 3 }'"],
  [{ quorum: '{ down: 3, off: 5 }' }, 'is not a quorum'],
  [{ quorum: '{' }, 'is not a quorum'],
  [{ quorum: '4' }, '--quorum: a quorum of 4 out of 3 can never be reached'],
  [{ quorum: '1' }, '--quorum: 1 of 3 is not a majority'],
  [{ confirm: '0' }, "--confirm: '0' is not a whole number of 1 or more"],
  [{ minimumVoters: '2.5' }, "--minimum-voters: '2.5' is not a whole number"],
  [{ freshness: 'soon' }, "--freshness: 'soon' is not a number of 1 or more"],
])('%j is rejected: %s', (options, message) => {
  const attempt = () => changedPolicy(policy, options);
  expect(attempt).toThrow(UsageError);
  expect(attempt).toThrow(message);
});
