using PlatformSupport;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>The overview's eight steps on services that run as processes.</summary>
public sealed class OverviewTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    [Fact]
    public Task The_overviews_eight_steps_can_be_walked_through_the_gateway() => Overview.WalkAsync(fixture.Platform, new Journal());
}
