// Suites that start several processes each: one after another on a small machine.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(TestSupport.MariaDbFixture))]
[assembly: AssemblyFixture(typeof(TestSupport.KafkaFixture))]
