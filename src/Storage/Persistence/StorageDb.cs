using Microsoft.EntityFrameworkCore;
using Storage.Bids;
using Storage.Listings;
using Storage.Runs;
using Storage.Songs;

namespace Storage.Persistence;

/// <summary>The tables of both systems. The reader of the topic writes them with statements of its own (<c>Writing</c>).</summary>
internal sealed class StorageDb(DbContextOptions<StorageDb> options) : DbContext(options)
{
    public DbSet<Listing> Listings => Set<Listing>();

    public DbSet<Bid> Bids => Set<Bid>();

    public DbSet<Run> Runs => Set<Run>();

    public DbSet<Song> Songs => Set<Song>();

    public DbSet<EventCount> EventCounts => Set<EventCount>();

    public DbSet<TableRevision> TableRevisions => Set<TableRevision>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasCharSet("utf8mb4").UseCollation("utf8mb4_unicode_ci");
        modelBuilder.Entity<Listing>().ToEventTable(EventTableNames.Listings);
        modelBuilder.Entity<Bid>().ToEventTable(EventTableNames.Bids);
        modelBuilder.Entity<Run>().ToEventTable(EventTableNames.Runs);
        modelBuilder.Entity<Song>().ToEventTable(EventTableNames.Songs);
        modelBuilder.Entity<EventCount>(count =>
        {
            count.ToTable("event_count");
            count.HasKey(row => new { row.RowPartition, row.TypeId });
            count.Property(row => row.RowPartition).HasColumnName("row_partition");
            count.Property(row => row.TypeId).HasColumnName("type_id");
            count.Property(row => row.Stored).HasColumnName("stored_events");
        });
        modelBuilder.Entity<TableRevision>(revision =>
        {
            revision.ToTable("table_rev");
            revision.HasKey(row => row.TypeId);
            revision.Property(row => row.TypeId).HasColumnName("type_id").ValueGeneratedNever();
            revision.Property(row => row.Rev).HasColumnName("rev");
        });
    }
}
