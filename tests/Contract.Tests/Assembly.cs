[assembly: AssemblyFixture(typeof(TestSupport.MariaDbFixture))]
[assembly: AssemblyFixture(typeof(TestSupport.KafkaFixture))]
