using Contracts;
using KafkaMySql;
using ServiceDefaults;
using Storage.Persistence;

namespace Storage.Writing;

/// <summary>The reader that takes the topic into the tables.</summary>
internal static class StorageInbox
{
    /// <summary>The reader's name, under which its progress is kept.</summary>
    public const string Consumer = "storage";

    public static void AddStorageInbox(this WebApplicationBuilder builder, ServiceDatabase database)
    {
        builder.AddEventInbox(database, Consumer, ConsumerGroups.Storage, SetTables);
        builder.Services.AddSingleton<DirectWrites>();
    }

    /// <summary>One table for every type of the catalog, whatever systems are switched on.</summary>
    public static void SetTables(InboxOptions options)
    {
        options.Decoder = EventDecoder.Decode;
        foreach (var table in EventTableNames.All)
            options.Tables[table.Type.Id] = new EventTable(table);
    }
}
