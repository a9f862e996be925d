using TestSupport;

[assembly: AssemblyFixture(typeof(KafkaFixture))]
