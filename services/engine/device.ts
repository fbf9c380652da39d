// Where TensorFlow computes. It decides when its library is loaded, by the environment, and cannot change its mind later;
// so this must be said before anything else is asked of it.
import { tensorflow } from './tensorflow.ts'

/** `auto`: the GPU where there is one, else the CPU. */
export const DEVICES = ['auto', 'cpu', 'gpu'] as const
export type Device = (typeof DEVICES)[number]

/** The device that computes. Throws where a GPU is asked for and TensorFlow has none. */
export function useDevice(device: Device): 'cpu' | 'gpu' {
  // TensorFlow would take the whole memory of a GPU at once, and leave none to a process beside.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
  if (device === 'cpu') process.env['CUDA_VISIBLE_DEVICES'] = '-1'
  const used = tensorflow().isUsingGpuDevice() ? 'gpu' : 'cpu'
  if (device !== 'auto' && device !== used)
    throw new Error(
      device === 'gpu'
        ? 'there is no GPU that TensorFlow can use: is it the CUDA build, and does `nvidia-smi` show one?'
        : 'TensorFlow has taken the GPU already: the device has to be chosen before anything is computed',
    )
  return used
}
