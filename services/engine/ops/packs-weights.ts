// Whether oneDNN's packing product may be asked for by name. TensorFlow hands a plain bfloat16 product to oneDNN only on a
// CPU that oneDNN has bfloat16 kernels for; what is asked for by name goes there all the same, and where oneDNN has no
// kernel it ends the process. It has them from AVX-512 (with byte and word instructions) on.

/** `cpuinfo`: the text of Linux's /proc/cpuinfo. */
export function packsWeights(cpuinfo: string): boolean {
  const [, flags = ''] = /^flags\s*:(.*)$/m.exec(cpuinfo) ?? []
  return flags.split(' ').includes('avx512bw')
}
