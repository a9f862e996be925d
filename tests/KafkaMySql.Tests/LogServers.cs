using TestSupport;

namespace KafkaMySql.Tests;

/// <summary>Tests of the log that share one MariaDB.</summary>
[CollectionDefinition(Name)]
public sealed class LogOnMariaDb : ICollectionFixture<MariaDbFixture>
{
    public const string Name = "log on MariaDB";
}

/// <summary>Tests of the log that share one MySQL.</summary>
[CollectionDefinition(Name)]
public sealed class LogOnMySql : ICollectionFixture<MySqlFixture>
{
    public const string Name = "log on MySQL";
}

/// <summary>Tests of the relay that share one MariaDB and one Kafka.</summary>
[CollectionDefinition(Name)]
public sealed class RelayOnKafka : ICollectionFixture<MariaDbFixture>, ICollectionFixture<KafkaFixture>
{
    public const string Name = "relay on Kafka";
}
