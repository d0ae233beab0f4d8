/** AWS's form; the request must name the Elastic IP and the PTR record that it shall get. */
export const port25Form = 'https://aws.amazon.com/forms/ec2-email-limit-rdns-request';
