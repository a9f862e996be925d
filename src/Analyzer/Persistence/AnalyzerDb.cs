using Microsoft.EntityFrameworkCore;

namespace Analyzer.Persistence;

/// <summary>The index of the topic. The reader of the topic writes it with statements of its own (<c>Writing</c>).</summary>
internal sealed class AnalyzerDb(DbContextOptions<AnalyzerDb> options) : DbContext(options)
{
    public DbSet<IndexEntry> Index => Set<IndexEntry>();

    public DbSet<PositionHead> Heads => Set<PositionHead>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasCharSet("utf8mb4").UseCollation("utf8mb4_unicode_ci");
        modelBuilder.Entity<IndexEntry>(entry =>
        {
            entry.ToTable("event_index");
            entry.HasKey(row => new { row.TypeId, row.Position });
            entry.Property(row => row.TypeId).HasColumnName("type_id");
            entry.Property(row => row.Position).HasColumnName("position");
            entry
                .Property(row => row.TraceId)
                .HasColumnName("trace_id")
                .HasColumnType("varchar(36)")
                .HasCharSet("ascii")
                .UseCollation("ascii_bin");
            entry.Property(row => row.EventId).HasColumnName("event_id").HasColumnType("varchar(250)");
            entry.Property(row => row.PartitionNo).HasColumnName("partition_no");
            entry.Property(row => row.Seq).HasColumnName("seq");
            entry.Property(row => row.TopicOffset).HasColumnName("topic_offset");
            entry.Property(row => row.Bucket).HasColumnName("bucket");
            entry.Property(row => row.Digest).HasColumnName("digest");
            entry.Property(row => row.AcceptedAt).HasColumnName("accepted_at").HasColumnType("datetime(6)");
            entry.Property(row => row.TopicAt).HasColumnName("topic_at").HasColumnType("datetime(6)");
            entry.Property(row => row.IndexedAt).HasColumnName("indexed_at").HasColumnType("datetime(6)");
            entry.Property(row => row.Payload).HasColumnName("payload").HasColumnType("mediumblob");
            // As in Storage, where every type has a table of its own: two types may hold the same trace id of a stranger.
            entry.HasIndex(row => new { row.TraceId, row.TypeId }).IsUnique().HasDatabaseName("event_index_trace_id");
            entry
                .HasIndex(row => new
                {
                    row.PartitionNo,
                    row.Bucket,
                    row.TypeId,
                    row.Digest,
                })
                .HasDatabaseName("event_index_digest");
        });
        modelBuilder.Entity<PositionHead>(head =>
        {
            head.ToTable("position_head");
            head.HasKey(row => row.TypeId);
            head.Property(row => row.TypeId).HasColumnName("type_id").ValueGeneratedNever();
            head.Property(row => row.NextPosition).HasColumnName("next_position");
            head.Property(row => row.Events).HasColumnName("events");
        });
    }
}
