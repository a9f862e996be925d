using Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Storage.Persistence;

/// <summary>Maps what every table of events has alike: the columns of its type as the catalog describes them, coordinates and indexes.</summary>
internal static class StoredEventMapping
{
    public static void ToEventTable<TRow>(this EntityTypeBuilder<TRow> row, EventTableNames table)
        where TRow : StoredEvent
    {
        row.ToTable(table.Table);
        row.HasKey(stored => stored.Id);
        row.Property(stored => stored.Id).HasColumnName("id");
        foreach (var field in table.Type.Fields.Append(table.Type.TraceId))
            row.Property(PropertyOf<TRow>(field.Name)).HasColumnName(field.Name).HasColumnType(field.ColumnType).IsRequired(field.Required);
        // Compared byte by byte, as it is everywhere else.
        if (table.Type.TraceIdKind == TraceIdKind.Uuid)
            row.Property<string>(PropertyOf<TRow>("trace_id")).HasCharSet("ascii").UseCollation("ascii_bin");
        row.Property(stored => stored.PartitionNo).HasColumnName("partition_no");
        row.Property(stored => stored.Seq).HasColumnName("seq");
        row.Property(stored => stored.Bucket).HasColumnName("bucket");
        row.Property(stored => stored.Digest).HasColumnName("digest");
        row.Property(stored => stored.RowPartition).HasColumnName("row_partition");
        row.Property(stored => stored.RowNo).HasColumnName("row_no");
        row.Property(stored => stored.StoredAt).HasColumnName(table.StoredAt).HasColumnType("datetime(6)");

        row.HasIndex(PropertyOf<TRow>("trace_id")).IsUnique().HasDatabaseName($"{table.Table}_trace_id");
        // Runify's ids are random texts and nobody asks for them: an index of them would outgrow memory for nothing.
        if (table.Type.System == EventSystem.RealEstate)
            row.HasIndex(PropertyOf<TRow>(table.EventId)).HasDatabaseName($"{table.Table}_{table.EventId}");
        row.HasIndex(stored => new { stored.RowPartition, stored.RowNo }).HasDatabaseName($"{table.Table}_row");
        row.HasIndex(stored => new
            {
                stored.StoredAt,
                stored.RowPartition,
                stored.RowNo,
            })
            .HasDatabaseName($"{table.Table}_time");
        row.HasIndex(stored => new
            {
                stored.PartitionNo,
                stored.Bucket,
                stored.Digest,
            })
            .HasDatabaseName($"{table.Table}_digest");
    }

    private static string PropertyOf<TRow>(string column) =>
        string.Concat(column.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) is var name
        && typeof(TRow).GetProperty(name) is not null
            ? name
            : throw new InvalidOperationException($"{typeof(TRow).Name} has no property for the column {column}.");
}
