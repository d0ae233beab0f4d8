import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { sampleConfig, synthesise } from './synthesis.ts';

const config = sampleConfig();
const rulesOf = (template: Template | undefined) =>
  Object.values(template?.findResources('AWS::Events::Rule') ?? {}).map(({ Properties }) => Properties);
const wishes = (template: Template | undefined) =>
  rulesOf(template).filter(({ EventPattern }) => EventPattern['detail-type'][0] === 'Second Opinion Wanted');
const busesOf = (template: Template | undefined) =>
  Object.values(template?.findResources('AWS::Events::EventBus') ?? {}).map(({ Properties }) => Properties.Name);

describe('each vantage listens on a bus of its own', () => {
  const { probes } = synthesise(config);

  test.each([
    ['us-east-1', ['smtp-quorum-opinions']],
    ['eu-west-1', ['smtp-quorum-opinions', 'smtp-quorum']],
  ])('%s: %j; and on the one of the release before, as long as it is kept', (vantage, names) => {
    expect(busesOf(probes.get(vantage))).toEqual(names);
    expect(wishes(probes.get(vantage))).toHaveLength(2);
  });

  test('what this judge put on the former bus is left to the new one', () => {
    const patterns = wishes(probes.get('eu-west-1')).map(({ EventPattern }) => EventPattern.detail);
    expect(patterns).toEqual([{ vantages: ['eu-west-1'] }, { vantages: ['eu-west-1'], by: [{ exists: false }] }]);
  });
});

test('once the former buses are dropped, no stack of a vantage makes what a home that moves there makes', () => {
  const { home, probes } = synthesise(config, { formerBuses: 'drop' });
  const made = [...probes.values()].flatMap(busesOf);
  expect(new Set(made)).toEqual(new Set(['smtp-quorum-opinions']));
  expect(made.filter((name) => busesOf(home).includes(name))).toEqual([]);
  for (const probe of probes.values()) expect(wishes(probe)).toHaveLength(1);
});

test('where no second opinion is wanted, nobody listens for it', () => {
  const alone = { ...config, policy: { ...config.policy, secondOpinion: false } };
  for (const probe of synthesise(alone).probes.values()) {
    expect(wishes(probe)).toEqual([]);
    expect(busesOf(probe)).toEqual([]);
  }
});
