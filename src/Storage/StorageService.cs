using ServiceDefaults;
using Storage.Bids;
using Storage.Counts;
using Storage.Events;
using Storage.Listings;
using Storage.Persistence;
using Storage.Reading;
using Storage.Side;
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
        app.MapListings();
        app.MapBids();
        app.MapCounts();
        app.MapEvents();
        app.MapAggregates();
        app.MapSide(
            StorageInbox.Consumer,
            [.. EventTableNames.All.Select(table => SideTable.OfColumns(table.Type, table.Table, table.EventId))]
        );
        return app;
    }
}
