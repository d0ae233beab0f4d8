import { type StackProps, Token } from 'aws-cdk-lib';
import { Fact, FactName } from 'aws-cdk-lib/region-info';

/**
 * A stack's props with its region and name filled in, where none were given.
 * @throws Error where another region was given: what runs there would look for itself elsewhere. Also if the region does not
 * support Node 24, according to the region facts of the CDK
 */
export function stackPropsIn(props: StackProps, region: string, stackName: string): StackProps {
  const asked = props.env?.region ?? region;
  if (!Token.isUnresolved(asked) && asked !== region)
    throw new Error(`${stackName} belongs in ${region}, not in ${asked}: leave env.region out`);
  checkRuntime(region);
  return { ...props, env: { ...props.env, region }, stackName: props.stackName ?? stackName };
}

/** Runtimes with Node 24 or newer. */
const RUNTIME = /^nodejs(?:2[4-9]|[3-9]\d)\.x$/;

function checkRuntime(region: string): void {
  const newest = Fact.find(region, FactName.LATEST_NODE_RUNTIME);
  if (newest !== undefined && !RUNTIME.test(newest))
    throw new Error(
      `Lambda in ${region} does not support Node 24, only ${newest}: choose another region, or update aws-cdk-lib`,
    );
}
