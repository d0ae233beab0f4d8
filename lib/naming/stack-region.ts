import { type StackProps, Token } from 'aws-cdk-lib';

/**
 * A stack's props with its region and name filled in, where none were given.
 * @throws Error where another region was given: what runs there would look for itself elsewhere
 */
export function stackPropsIn(props: StackProps, region: string, stackName: string): StackProps {
  const asked = props.env?.region ?? region;
  if (!Token.isUnresolved(asked) && asked !== region)
    throw new Error(`${stackName} belongs in ${region}, not in ${asked}: leave env.region out`);
  return { ...props, env: { ...props.env, region }, stackName: props.stackName ?? stackName };
}
