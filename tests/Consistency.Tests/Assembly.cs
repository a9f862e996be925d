using TestSupport;

[assembly: AssemblyFixture(typeof(MariaDbFixture))]
