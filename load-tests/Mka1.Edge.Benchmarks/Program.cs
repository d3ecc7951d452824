using BenchmarkDotNet.Running;
using Mka1.Edge.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(ClassifierBenchmark).Assembly).Run(args);
