using TestSupport;

[assembly: AssemblyFixture(typeof(MariaDbFixture))]

namespace Anomalies.Tests;

/// <summary>The classes that run on MySQL as well share one server.</summary>
[CollectionDefinition(Name)]
public sealed class OnMySql : ICollectionFixture<MySqlFixture>
{
    public const string Name = "MySQL";
}
