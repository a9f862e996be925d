using TestSupport;

namespace EndToEnd.Tests;

/// <summary>Tests that share one platform with both systems on.</summary>
[CollectionDefinition(Name)]
public sealed class BothSystems : ICollectionFixture<BothSystemsFixture>
{
    public const string Name = "both systems";
}
