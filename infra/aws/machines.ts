// GPU machines: their disk encrypted, and their own credentials out of the containers' reach (one hop, token required).
import { createRole } from './roles.ts'

/** `userData`: what the machine runs first, base64. */
export function createLaunchTemplate(
  name: string,
  options: Omit<aws.ec2.LaunchTemplateArgs, 'blockDeviceMappings' | 'metadataOptions'> = {},
): aws.ec2.LaunchTemplate {
  return new aws.ec2.LaunchTemplate(name, {
    ...options,
    // The image with CUDA and TensorFlow unpacked has about 8 GB.
    blockDeviceMappings: [
      {
        deviceName: '/dev/xvda',
        ebs: { volumeSize: 60, volumeType: 'gp3', encrypted: 'true', deleteOnTermination: 'true' },
      },
    ],
    metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
    updateDefaultVersion: true,
  })
}

const role = createRole('Machine', 'ec2.amazonaws.com', [])
new aws.iam.RolePolicyAttachment('MachineEcsAgent', {
  role: role.name,
  // What the agent on the machine does is AWS's to say.
  policyArn: 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role',
})

export const machineProfile = new aws.iam.InstanceProfile('MachineProfile', { role: role.name })
