using TestSupport;

namespace Contracts.Tests;

public sealed class MariaDbColumnTests(MariaDbFixture database) : ColumnTests(database), IClassFixture<MariaDbFixture>;
