import type { Config } from '../../lambda/config/config.ts';
import { stackQuotas } from './cloudformation-quotas.ts';
import { runtimeQuotas } from './lambda-eventbridge-vpc-quotas.ts';
import { policyQuotas } from './policy-quotas.ts';
import type { FleetSettings } from './quota-inputs.ts';
import type { Quota } from './quota-table.ts';

/** Every AWS quota that a config can reach, with its use, calculated without a synthesis. */
export function quotasOf(config: Config, settings: FleetSettings = {}): readonly Quota[] {
  return [...stackQuotas(config, settings), ...policyQuotas(config, settings), ...runtimeQuotas(config, settings)];
}
