using ServiceDefaults;
using Storage.Bids;
using Storage.Counts;
using Storage.Events;
using Storage.Listings;
using Storage.Persistence;
using Storage.Reading;
using Storage.Runs;
using Storage.Side;
using Storage.Songs;
using Storage.Writing;

namespace Storage;

/// <summary>Takes events from the topic into tables and answers what is in them.</summary>
internal static class StorageService
{
    public static WebApplication Build(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(args);
        builder.AddServiceDefaults(ServiceIdentity.Storage);
        var database = builder.AddServiceDatabase<StorageDb>(
            ServiceIdentity.Storage,
            "SELECT 1 FROM event_count, table_rev LIMIT 0",
            TimeSpan.FromSeconds(60)
        );
        builder.AddStorageInbox(database);
        builder.AddStorageReading();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapInboxProgress();
        var systems = app.Services.GetRequiredService<EnabledSystems>();
        if (systems.RealEstate)
        {
            app.MapListings();
            app.MapBids();
        }
        if (systems.Runify)
        {
            app.MapRuns();
            app.MapSongs();
        }
        app.MapCounts(systems);
        app.MapEvents();
        app.MapAggregates();
        app.MapSide(
            StorageInbox.Consumer,
            [.. EventTableNames.All.Select(table => SideTable.OfColumns(table.Type, table.Table, table.EventId))]
        );
        return app;
    }
}
