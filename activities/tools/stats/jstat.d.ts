/** The part of jStat that is used: distribution functions. */
declare module 'jstat' {
  const jstat: {
    jStat: {
      studentt: { cdf(x: number, df: number): number; inv(p: number, df: number): number };
      normal: { cdf(x: number, mean: number, sd: number): number; inv(p: number, mean: number, sd: number): number };
      lowRegGamma(shape: number, x: number): number;
      ibeta(x: number, a: number, b: number): number;
    };
  };
  export default jstat;
}
