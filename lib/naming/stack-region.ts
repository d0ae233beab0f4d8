import { type StackProps, Token } from 'aws-cdk-lib';
import { Fact, FactName } from 'aws-cdk-lib/region-info';

/**
 * A stack's props with its region and name filled in, where none were given.
 * @throws Error where another region was given: what runs there would look for itself elsewhere; and where the region has
 * no Node 24 yet, as far as CDK knows
 */
export function stackPropsIn(props: StackProps, region: string, stackName: string): StackProps {
  const asked = props.env?.region ?? region;
  if (!Token.isUnresolved(asked) && asked !== region)
    throw new Error(`${stackName} belongs in ${region}, not in ${asked}: leave env.region out`);
  checkRuntime(region);
  return { ...props, env: { ...props.env, region }, stackName: props.stackName ?? stackName };
}

/** The oldest of Node's versions that the handlers run on, as Lambda names it. */
const RUNTIME = /^nodejs(?:2[4-9]|[3-9]\d)\.x$/;

function checkRuntime(region: string): void {
  const newest = Fact.find(region, FactName.LATEST_NODE_RUNTIME);
  if (newest !== undefined && !RUNTIME.test(newest))
    throw new Error(`Lambda has no Node 24 in ${region}, only ${newest}: choose another region, or update aws-cdk-lib`);
}
